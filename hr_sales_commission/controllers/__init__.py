from . import health, import_template, simulation, statement
