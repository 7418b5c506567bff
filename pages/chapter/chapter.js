// The chapter: starts its live figures, each of which finds its own elements, and then the language.

import { startLens } from "../backprop/lens.js";
import { startSettings } from "../controls/settings.js";
import { startBatches } from "../descent/batches.js";
import { startValley } from "../descent/valley.js";
import { startBits } from "../digits/bits.js";
import { startExercises } from "../exercises/exercises.js";
import { startLearn } from "../learning/learn.js";
import { startAdder } from "../nand/adder.js";
import { startGates } from "../nand/gates.js";
import { startUniversal } from "../nand/universal.js";
import { startChange } from "../neurons/change.js";
import { startScaling } from "../neurons/scaling.js";
import { startSigmoid } from "../neurons/sigmoid.js";
import { startDecision } from "../perceptrons/decision.js";
import { startPerceptron } from "../perceptrons/perceptron.js";
import { startLanguage } from "../shared/language.js";
import { startContents } from "./contents.js";

/** The live figures, by the ids of their sections: the page has those of the demonstrations that it shows. */
const FIGURES = {
  "figure-perceptron": startPerceptron,
  "figure-decision": startDecision,
  "figure-gates": startGates,
  "figure-adder": startAdder,
  "figure-universal": startUniversal,
  "figure-sigmoid": startSigmoid,
  "figure-change": startChange,
  "figure-scaling": startScaling,
  "figure-bits": startBits,
  "figure-valley": startValley,
  "figure-batches": startBatches,
  "figure-lens": startLens,
  "figure-learn": startLearn,
};

for (const [id, start] of Object.entries(FIGURES)) if (document.getElementById(id)) start();
startSettings();
startExercises();
startLanguage();
startContents();
