// The chapter: starts its live figures, each of which finds its own elements, and then the language.

import { startLens } from "../backprop/lens.js";
import { startAdder } from "../circuits/adder.js";
import { startUniversal } from "../circuits/universal.js";
import { startSettings } from "../controls/settings.js";
import { startBatches } from "../descent/batches.js";
import { startValley } from "../descent/valley.js";
import { startBits } from "../digits/bits.js";
import { startExercises } from "../exercises/exercises.js";
import { startLearn } from "../learning/learn.js";
import { startChange } from "../neurons/change.js";
import { startSigmoid } from "../neurons/sigmoid.js";
import { startDecision } from "../perceptrons/decision.js";
import { startPerceptron } from "../perceptrons/perceptron.js";
import { startLanguage } from "../shared/language.js";
import { startContents } from "./contents.js";

startSettings();
startPerceptron();
startDecision();
startAdder();
startUniversal();
startSigmoid();
startChange();
startBits();
startValley();
startBatches();
startLens();
startLearn();
startExercises();
startLanguage();
startContents();
