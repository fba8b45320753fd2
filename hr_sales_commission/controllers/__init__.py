from . import health, simulation, statement
