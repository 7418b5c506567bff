// The chapter: starts its live figures, each of which finds its own elements, and then the language.

import { startExercises } from "../exercises/exercises.js";
import { startLanguage } from "../shared/language.js";
import { startContents } from "./contents.js";

startExercises();
startLanguage();
startContents();
