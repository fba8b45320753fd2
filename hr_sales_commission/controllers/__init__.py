from . import health, statement
