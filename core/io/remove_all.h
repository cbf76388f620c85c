/* remove_all - removes a folder with everything in it, such as one that a killed run left half
 * made. */
#pragma once

/* Links are removed, not followed. Absent is fine; what cannot be removed stays, and is met again
 * by whoever makes the folder anew. */
void remove_all(const char *path);
