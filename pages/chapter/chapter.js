// The chapter: starts its live figures, each of which finds its own elements, and then the language.

import { startLanguage } from "../shared/language.js";
import { startContents } from "./contents.js";

startLanguage();
startContents();
