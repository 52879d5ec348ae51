# Two commands matter: `make run` and `make test`. What they do is written in launcher/.
# PORT, DATABASE_URL and REDIS_URL are read from the environment; ARGS is handed on.

PYTHON ?= python3

.PHONY: run test setup check bench reset

run: ; @$(PYTHON) -m launcher run
test: ; @$(PYTHON) -m launcher test $(ARGS)
setup: ; @$(PYTHON) -m launcher setup
check: ; @$(PYTHON) -m launcher check
bench: ; @$(PYTHON) -m launcher bench $(ARGS)
reset: ; @$(PYTHON) -m launcher reset
