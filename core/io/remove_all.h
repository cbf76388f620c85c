/* remove_all - a folder with everything in it: what a run that was killed left half made. */
#pragma once

/* Links are removed, not followed. Absent is fine; what cannot be removed stays, and is met again
 * by whoever makes the folder anew. */
void remove_all(const char *path);
