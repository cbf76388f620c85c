/* published - texts that go out with an export: the schema of the entries, and what an outsider
 * reads first. The build makes them from the files themselves (Makefile, PUBLISHED). */
#pragma once

/* Name ("schema/event.proto") and text of each; the last is NULL, NULL. */
extern const char *const published_files[][2];
