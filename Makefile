# The pipeline as a graph of files. `make help` lists what there is; GNU make 3.81 is enough.
#
# Variables have the names of nn's flags: `make run HIDDEN=100 SEED=1` rebuilds what depends on them and only that. What is
# empty is left to nn, or to the RECIPE.

DATASET    =
FROM       =
VALIDATION =
RECIPE     =
HIDDEN     =
EPOCHS     =
BATCH      =
ETA        =
SEED       =
DTYPE      =
KEEP       =
SPLIT      = test
C          = 1
GAMMA      = auto
TRAIN_SIZE =
SEEDS      = 3
NETWORKS   = 30 100

PYTHON = python3
VENV   = .venv
BENCH  = .venv-bench
PAGE_TOOLS = .page-tools
A      = $(or $(value NN_ARTIFACTS),artifacts)
NN     = $(VENV)/bin/nn

# A misspelt variable would be ignored, and a folder that is empty, has a space in its name or holds this project would
# be damaged by `make clean`: both end here.
KNOWN = DATASET FROM VALIDATION RECIPE HIDDEN EPOCHS BATCH ETA SEED DTYPE KEEP SPLIT C GAMMA TRAIN_SIZE SEEDS NETWORKS \
  PYTHON VENV BENCH PAGE_TOOLS A NN
GIVEN = $(foreach word,$(MAKEOVERRIDES),$(if $(findstring =,$(word)),$(patsubst %:,%,$(firstword $(subst =, ,$(word))))))
UNKNOWN = $(filter-out $(KNOWN),$(GIVEN))
ifneq ($(strip $(UNKNOWN)),)
$(error unknown variable $(UNKNOWN); known are $(KNOWN))
endif
ifneq ($(words $(SPLIT))$(filter-out test validation train,$(SPLIT)),1)
$(error SPLIT='$(SPLIT)': expected test, validation or train)
endif
dollar := $$
hash   := \#
open   := (
close  := )
comma  := ,
SPECIAL = ' " \ ` & ; | < > * ? [ ] { } ! ~ : % = ^ $(dollar) $(hash) $(open) $(close) $(comma)
ifneq ($(strip $(words $(A)) $(foreach letter,$(SPECIAL),$(findstring $(letter),$(A))) $(filter -%,$(A))),1)
$(error A='$(A)': expected one folder without spaces and letters that are special to make or a shell, such as A=artifacts)
endif
FOLDER = $(or $(realpath $(A)),$(abspath $(A)))/
ifneq ($(filter $(FOLDER:%//=%/)%,$(realpath $(CURDIR))/),)
$(error A='$(A)': holds this project or is the project itself; name a folder of its own, such as A=artifacts)
endif

# What comes from files and variables reaches the shell in quotes, and the names in a folder only by patterns of the shell.
quoted = '$(subst ','\'',$(1))'
flag = $(if $($(1)),--$(2) $(call quoted,$($(1))))
ifneq ($(shell printf '%s' $(call quoted,$(SEEDS)) | grep -cxE '[1-9][0-9]{0,3}'),1)
$(error SEEDS='$(SEEDS)': expected a number of seeds, such as SEEDS=3)
endif
FETCH_FLAGS = $(call flag,DATASET,dataset) $(call flag,FROM,from) $(call flag,VALIDATION,validation)
TRAIN_FLAGS = $(call flag,RECIPE,recipe) $(call flag,HIDDEN,hidden) $(call flag,EPOCHS,epochs) $(call flag,BATCH,batch) \
  $(call flag,ETA,eta) $(call flag,SEED,seed) $(call flag,DTYPE,dtype) $(call flag,KEEP,keep)
RECIPE_CODE = $(if $(RECIPE),$(wildcard $(RECIPE) stages/runs/recipes/$(RECIPE).toml))
SVM_FLAGS   = $(call flag,C,c) $(call flag,GAMMA,gamma) $(call flag,TRAIN_SIZE,train-size)
TUNED_FLAGS = --tuned $(call flag,TRAIN_SIZE,train-size)
SEED_FLAGS  = $(call flag,EPOCHS,epochs)
COMPARE_FLAGS = $(call flag,SEEDS,seeds) $(foreach h,$(NETWORKS),--hidden $(call quoted,$(h))) $(SEED_FLAGS)

# The code that each stage uses: the stage's file and whole folders. Changed code makes the stage's files again.
code = $(wildcard $(addsuffix .py,$(1)) $(addsuffix /*.py,$(2)))
STORE   = stages/store stages/system stages/words stages/datasets models/arrays
NETWORK = models/layers models/network models/augmentation stages/runs
PICTURES = stages/own_images models/images
LEARN   = models/training models/images models/negatives models/strings
FETCH_CODE = $(call code,stages/fetch,$(STORE) $(PICTURES))
TRAIN_CODE = $(call code,stages/training/train stages/training/negatives,$(STORE) $(NETWORK) $(LEARN))
EVAL_CODE  = $(call code,stages/evaluate stages/evaluation_files,$(STORE) $(NETWORK) stages/classifiers stages/workers models/baselines)
BASE_CODE  = $(call code,,$(STORE) stages/workers models/baselines) $(wildcard stages/classifiers/*svm*.py stages/classifiers/*baselines.py)
COMPARE_CODE = $(call code,stages/compare,stages/training stages/results stages/workers)
DRAW_CODE = $(call code,,stages/figures)
CHAPTER_CODE = $(wildcard stages/chapter/*.py stages/pages/*.py stages/figures/*.py stages/demos/*.py stages/demos/shared/*.py models/chapter/*.py pages/*/*)
REPORT_CODE = $(call code,,stages/pages stages/results stages/figures) $(wildcard pages/*/*)

# nn train continues an interrupted run; not so if the code has changed since its checkpoint.
no_resume = $(if $(shell find $(TRAIN_CODE) -newer $(1) 2>/dev/null),--no-resume)

# A stamp is an empty file whose name holds a checksum of a stage's flags: other flags, another stamp, and all that
# depends on it is made again. Making one removes the one before it.
stamp = $(A)/.$(1)-$(firstword $(shell printf '%s' $(call quoted,$(2)) | cksum))
FETCH_STAMP := $(call stamp,fetch,$(FETCH_FLAGS))
TRAIN_STAMP := $(call stamp,train,$(TRAIN_FLAGS))
SVM_STAMP   := $(call stamp,svm,$(SVM_FLAGS))
TUNED_STAMP := $(call stamp,tuned,$(TUNED_FLAGS))
SEED_STAMP  := $(call stamp,seed,$(SEED_FLAGS))
COMPARE_STAMP := $(call stamp,compare,$(COMPARE_FLAGS))
STAMPS := $(FETCH_STAMP) $(TRAIN_STAMP) $(SVM_STAMP) $(TUNED_STAMP) $(SEED_STAMP) $(COMPARE_STAMP)

BASELINES = random darkness svm svm-tuned
SEED_RUNS := $(foreach h,$(NETWORKS),$(foreach s,$(shell i=0; while [ $$i -lt $(call quoted,$(SEEDS)) ]; do echo $$i; i=$$((i+1)); done),hidden-$(h)-seed-$(s)))

# There is no .DELETE_ON_ERROR: nn writes a file whole or not at all, and the file could be the one of another make.
.PHONY: run fetch train eval compare chapter bench bench-svm race ladder install dev upgrade test test-slow torture torture-gate audit lowest package check check-pages report pretrained clean help help-all

# The figures of weights.npz on the test images are weights-eval.json; those on others have the split in their
# name. A picture of them has the same name, with .png.
EVALS = $(A)/weights-eval.json $(A)/weights-validation-eval.json $(A)/weights-train-eval.json

MEASURED = $(A)/weights-$(patsubst test-%,%,$(SPLIT)-eval)

run: $(MEASURED).json $(MEASURED).png  ## fetch, train, evaluate: the whole pipeline (the default)

fetch: $(A)/data.npz  ## the data set

train: $(A)/weights.npz  ## the network, and the data set if it is missing or out of date

eval: run  ## the same as run

$(A)/data.npz: $(FETCH_STAMP) $(FETCH_CODE) | $(NN)
	$(NN) fetch $(FETCH_FLAGS) -o $@

$(A)/weights.npz: $(A)/data.npz $(TRAIN_STAMP) $(TRAIN_CODE) $(RECIPE_CODE) | $(NN)
	$(NN) train $(TRAIN_FLAGS) $(call no_resume,$(A)/checkpoint.npz) --data $(A)/data.npz -o $@

$(EVALS): $(A)/weights.npz $(A)/data.npz $(EVAL_CODE) $(DRAW_CODE) | $(NN)
	$(NN) eval --split $(or $(patsubst weights-%-eval.json,%,$(filter weights-%-eval.json,$(@F))),test) $(A)/weights.npz --data $(A)/data.npz -o $@ --plot $(@:.json=.png)

# The rule of the figures draws them, too; a picture that is deleted is drawn again.
redraw = @test -e $@ || $(NN) $(1) --quiet --plot $@ >/dev/null

$(EVALS:.json=.png): %.png: | %.json
	$(call redraw,eval --split $(or $(patsubst weights-%-eval.png,%,$(filter weights-%-eval.png,$(@F))),test) $(A)/weights.npz --data $(A)/data.npz -o $(@:.png=.json))

$(A)/compare.png: | $(A)/compare.json
	$(call redraw,compare $(A) $(COMPARE_FLAGS) --data $(A)/data.npz -o $(@:.png=.json))

report: $(A)/report.html  ## a page on what happened, to open in a browser

chapter: $(A)/chapter.html  ## the ideas of the chapter as a page, with these digits and this network

compare: $(A)/compare.json $(A)/compare.png  ## networks, baselines and the book in one table

$(A)/random.npz: $(A)/data.npz $(BASE_CODE) | $(NN)
	$(NN) baseline random --quiet --data $(A)/data.npz -o $@

$(A)/darkness.npz: $(A)/data.npz $(BASE_CODE) | $(NN)
	$(NN) baseline darkness --quiet --data $(A)/data.npz -o $@

$(A)/svm.npz: $(A)/data.npz $(SVM_STAMP) $(BASE_CODE) | $(NN)
	$(NN) baseline svm $(SVM_FLAGS) --quiet --data $(A)/data.npz -o $@

$(A)/svm-tuned.npz: $(A)/data.npz $(TUNED_STAMP) $(BASE_CODE) | $(NN)
	$(NN) baseline svm $(TUNED_FLAGS) --quiet --data $(A)/data.npz -o $@

$(BASELINES:%=$(A)/%-eval.json): $(A)/%-eval.json: $(A)/%.npz $(A)/data.npz $(EVAL_CODE) | $(NN)
	$(NN) eval --quiet $< --data $(A)/data.npz -o $@

# The networks that are trained from several seeds: hidden-30-seed-0 says which neurons and which seed.
$(SEED_RUNS:%=$(A)/seeds/%.npz): $(A)/data.npz $(SEED_STAMP) $(TRAIN_CODE) | $(NN)
	$(NN) train --quiet $(SEED_FLAGS) --hidden $(word 2,$(subst -, ,$(notdir $(basename $@)))) \
	  --seed $(word 4,$(subst -, ,$(notdir $(basename $@)))) $(call no_resume,$(basename $@)-checkpoint.npz) --data $(A)/data.npz -o $@

$(A)/compare.json: $(BASELINES:%=$(A)/%-eval.json) $(A)/weights-eval.json $(SEED_RUNS:%=$(A)/seeds/%.npz) $(COMPARE_STAMP) $(COMPARE_CODE) $(DRAW_CODE) | $(NN)
	$(NN) compare $(A) $(COMPARE_FLAGS) --data $(A)/data.npz -o $@ --plot $(@:.json=.png)

$(A)/report.html: $(A)/weights-eval.json $(REPORT_CODE) | $(NN)
	$(NN) report $(A) --data $(A)/data.npz -o $@

$(A)/chapter.html: $(A)/weights.npz $(A)/data.npz $(CHAPTER_CODE) | $(NN)
	NN_ARTIFACTS=$(A) $(NN) chapter --data $(A)/data.npz -o $@

$(STAMPS):
	@mkdir -p $(A) && rm -f $(subst $(lastword $(subst -, ,$@)),,$@)* && touch $@

PIP = -m pip install --quiet --disable-pip-version-check

install: $(NN)  ## make .venv with nn in it, and the versions of libraries that requirements.txt names

# requirements.txt has setuptools too: nothing is looked up to install nn itself.
$(NN): pyproject.toml requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "nn needs Python 3.11 or newer; name one with: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python $(PIP) --require-hashes -r requirements.txt
	$(VENV)/bin/python $(PIP) --no-deps --no-build-isolation -e .
	@touch $@

dev: $(VENV)/.dev  ## contributors: install pytest, ruff and mypy too

$(VENV)/.dev: $(NN) requirements-dev.txt
	$(VENV)/bin/python $(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

LOCK = $(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
  --custom-compile-command 'make upgrade' pyproject.toml -

upgrade: $(NN)  ## contributors: name the newest versions of the libraries in requirements.txt and requirements-dev.txt, and run the tests
	$(VENV)/bin/python $(PIP) uv
	echo 'setuptools>=77' | $(LOCK) -o requirements.txt
	echo 'setuptools>=77' | $(LOCK) --extra dev --constraint requirements.txt -o requirements-dev.txt
	$(MAKE) test

test: $(VENV)/.dev  ## run the tests: about two minutes
	$(VENV)/bin/python -m pytest -q -n 2 -m 'not slow'

test-slow: $(VENV)/.dev  ## contributors: run the others: those with a browser, a cluster, notebooks, benchmarks, or programs that take seconds
	$(VENV)/bin/python -m pytest -q -n 2 -m slow

torture: $(VENV)/.dev  ## contributors: the reliability attacks, as before a release: an hour or more
	PYTHONPATH=tests $(VENV)/bin/python -W error -m torture --long --table $(A)/torture.md

torture-gate: $(VENV)/.dev  ## contributors: the short reliability attacks: two and a half minutes on two idle cores
	PYTHONPATH=tests $(VENV)/bin/python -W error -m torture --workers 2

# pip-audit says of a package that it cannot look up, as where PyPI is out of reach, no more than a note, and ends well.
audit: $(NN)  ## contributors: ask PyPI for known faults of the libraries that are installed; fail where it cannot be asked
	$(PYTHON) -m venv build/audit
	build/audit/bin/python $(PIP) pip-audit
	@rm -f build/audit/found.json
	-build/audit/bin/pip-audit --skip-editable --path $(wildcard $(VENV)/lib/python*/site-packages) -f json -o build/audit/found.json 2>build/audit/said
	@build/audit/bin/python -c 'import json, sys; \
	  packages = json.load(open("build/audit/found.json"))["dependencies"]; \
	  faults = [f"""{one["name"]}: {fault["id"]}""" for one in packages for fault in one.get("vulns", ())]; \
	  missed = [one["name"] for one in packages if "editable" not in one.get("skip_reason", "editable")]; \
	  faults += [f"{len(missed)} of {len(packages)} packages could not be looked up on PyPI: {missed[0]}, ..."] * bool(missed); \
	  print(*faults or ["no known faults"], sep="\n"); sys.exit(bool(faults))'

lowest:  ## contributors: run the tests of estimators, formats and structure with the lowest versions of the libraries that are allowed
	$(PYTHON) -m venv build/lowest
	build/lowest/bin/python $(PIP) uv
	build/lowest/bin/uv pip install --quiet --python build/lowest/bin/python --resolution lowest-direct -e '.[dev]'
	build/lowest/bin/python -m pytest -q -n 2 -m 'not slow' tests/estimators tests/stages/exchange tests/project/test_rooms.py

# The sdist is built first, and the wheel from it. In the folder where the wheel runs, a file is called nn.py, as a user's may be.
package:  ## contributors: build dist, check it as a registry does, and run the wheel in an environment of its own
	$(PYTHON) -m venv build/package && build/package/bin/python $(PIP) build twine
	@rm -rf dist build/away
	build/package/bin/pyproject-build --outdir dist . >build/package/said
	@! grep "would be ignored" build/package/said
	build/package/bin/twine check --strict dist/*
	$(PYTHON) -m venv build/away && build/away/bin/python $(PIP) dist/*.whl
	cd build/away && echo 'raise SystemExit("a file of the user")' >nn.py && bin/nn run --quiet --epochs 1 && bin/nn status --check --quiet \
	  && bin/nn read example-page && bin/python -c 'from nndigits import NetworkClassifier, train'

# Type checkers do not follow an editable install, so the folders are installed once more, as a wheel would hold them.
check: $(VENV)/.dev check-pages  ## lint, format and types
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	@rm -rf build
	@$(VENV)/bin/python $(PIP) --no-deps --no-build-isolation --target build/typed .
	MYPYPATH=build/typed $(VENV)/bin/mypy -p nndigits.cli -p nndigits.stages -p nndigits.models -p nndigits.sklearn

# The scripts of the pages are linted and type-checked by tools of npm; where there is no npm, that is said and left out.
check-pages:  ## contributors: lint and types of the pages' scripts
	@if command -v npm >/dev/null; then \
	  mkdir -p $(PAGE_TOOLS) && cp pages/package.json $(PAGE_TOOLS)/ \
	    && npm install --prefix $(PAGE_TOOLS) --no-package-lock --no-audit --no-fund --silent --fetch-timeout=30000 --fetch-retries=1 \
	    && cd pages && $(abspath $(PAGE_TOOLS))/node_modules/.bin/biome check . && $(abspath $(PAGE_TOOLS))/node_modules/.bin/tsc; \
	else echo "npm is not here: the scripts of the pages are not checked" >&2; fi

bench: $(VENV)/.dev $(A)/data.npz $(BENCH)/.torch  ## contributors: measure an epoch beside PyTorch and scikit-learn, its growth, and each layer: some minutes
	$(VENV)/bin/python benchmarks/epoch.py $(A)/data.npz --torch $(BENCH)/bin/python
	$(VENV)/bin/python benchmarks/growth.py $(A)/data.npz --figure docs/growth.svg
	$(VENV)/bin/python benchmarks/layers.py $(A)/data.npz

bench-svm: $(VENV)/.dev $(A)/data.npz  ## contributors: measure the support vector machine beside scikit-learn's: seven minutes
	$(VENV)/bin/python benchmarks/svm.py $(A)/data.npz

race: $(VENV)/.dev $(A)/data.npz $(BENCH)/.torch  ## contributors: seconds to 97, 98, 99, ... %, beside PyTorch and scikit-learn: over an hour, less where it was interrupted
	$(VENV)/bin/python benchmarks/race.py $(A)/data.npz $(A)/race --torch $(BENCH)/bin/python --seeds $(SEEDS) --figure docs/race.svg

# PyTorch is for the benchmarks alone, in an environment of its own. Where it cannot be had, the rest is measured.
$(BENCH)/.torch:
	@{ $(PYTHON) -m venv $(BENCH) && $(BENCH)/bin/python $(PIP) torch numpy \
	  && touch $@; } || echo "PyTorch cannot be installed here: its rows will be missing" >&2

# It is not made again when code changes: other processors and other versions of NumPy give other bytes. Two threads,
# whatever the machine has, since the number of threads changes rounding. On MNIST, whatever data.npz holds.
pretrained: | $(NN)  ## contributors: train the network that comes with nn again, with the recipe reader: some 12 minutes
	$(NN) fetch --dataset mnist -o $(A)/pretrained-data.npz
	$(NN) train --recipe reader --threads 2 --data $(A)/pretrained-data.npz -o $(A)/pretrained.npz
	cp $(A)/pretrained.npz stages/classifiers/pretrained.npz

ladder: $(VENV)/.dev $(A)/data.npz  ## contributors: a technique more at each rung: some 40 minutes, less where it was interrupted
	$(VENV)/bin/python benchmarks/techniques.py $(A)/data.npz $(A)/techniques --seeds $(SEEDS)

# What make itself made, by name: weights that you trained yourself are not among it.
MADE = $(A)/data.npz $(A)/history.csv $(A)/checkpoint.npz $(A)/compare.json $(A)/compare.md $(A)/report.html $(A)/chapter.html $(A)/timings.csv $(A)/torture.md \
  $(EVALS:.json=.png) $(A)/compare.png \
  $(foreach name,weights $(BASELINES),$(A)/$(name).npz) $(EVALS) $(BASELINES:%=$(A)/%-eval.json) \
  $(patsubst %-eval.json,%-confusion.csv,$(EVALS) $(BASELINES:%=$(A)/%-eval.json)) \
  $(foreach kind,.npz -history.csv -checkpoint.npz,$(A)/seeds/hidden-*-seed-*$(kind)) $(A)/seeds/timings.csv \
  $(foreach kind,.npz -data.npz -history.csv -checkpoint.npz,$(A)/pretrained$(kind)) \
  $(A)/techniques/rung-*-seed-* $(A)/techniques/techniques.svg \
  $(foreach program,nn PyTorch scikit-learn,$(A)/race/$(program)-*-seed-*) $(A)/race/results.json $(A)/race/timings.csv \
  $(foreach name,fetch train svm tuned seed compare,$(A)/.$(name)-*)

clean:  ## remove what make made, and nothing else (not .venv)
	@said=; for file in $(MADE); do \
	  if [ -e "$$file" ] || [ -L "$$file" ]; then [ -n "$$said" ] || echo "Removing:"; said=yes; printf '  %s\n' "$$file"; rm -rf "$$file"; fi; \
	done; [ -n "$$said" ] || echo "Nothing to remove in $(A)"
	@rm -rf build; rmdir $(A)/seeds $(A)/techniques $(A)/race 2>/dev/null || true

listed = grep -hE '^[a-z-]+:.*\#\#' $(MAKEFILE_LIST) | sed 's/:.*\#\#/ /' | awk '{ name = $$1; $$1 = ""; printf "  make %-12s %s\n", name, $$0 }'

help:  ## this list
	@$(listed) | grep -v '  contributors: '
	@echo "Variables: DATASET FROM VALIDATION RECIPE HIDDEN EPOCHS BATCH ETA SEED DTYPE KEEP SPLIT (make run HIDDEN=100, or RECIPE=best)"
	@echo "For make compare also: C GAMMA TRAIN_SIZE SEEDS NETWORKS (make compare SEEDS=5 NETWORKS=30); for make ladder and race: SEEDS"

help-all:  ## all targets, those for contributors too
	@$(listed) | sed 's/  contributors: /  /'
