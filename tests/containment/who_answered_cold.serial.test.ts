/** The namespaced thread is the first in its process to use each API. */

import { testRows, usePlace } from "./who_answered.ts";

usePlace();
testRows("cold");
