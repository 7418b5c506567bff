// The chapter: starts its live figures, each of which finds its own elements, and then the language.

import { startLens } from "../backprop/lens.js";
import { startSettings } from "../controls/settings.js";
import { startExercises } from "../exercises/exercises.js";
import { startLearn } from "../learning/learn.js";
import { startLanguage } from "../shared/language.js";
import { startContents } from "./contents.js";

startLens();
startLearn();
startSettings();
startExercises();
startLanguage();
startContents();
