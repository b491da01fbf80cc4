/** The main thread used each API before the namespaced thread does. */

import { testRows, usePlace } from "./who_answered.ts";

usePlace();
testRows("warm");
