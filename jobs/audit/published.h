/* published - texts that accompany an export: the schema of the entries, and a README for
 * outsiders. The build makes them from the files themselves (Makefile, PUBLISHED). */
#pragma once

/* Name ("schema/event.proto") and text of each; the last is NULL, NULL. */
extern const char *const published_files[][2];
