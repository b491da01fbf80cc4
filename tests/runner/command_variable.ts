/** The variable that names the built command to the tests. @module */

export const commandVariable = "NETNS_TEST_COMMAND";
