from . import simulation, statement
