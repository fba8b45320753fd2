from . import export, health, import_template, simulation, statement
