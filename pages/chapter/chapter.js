// The chapter: starts its live figures, each of which finds its own elements, and then the language.

import { startContents } from "./contents.js";
import { startLanguage } from "../shared/language.js";

startLanguage();
startContents();
