/* A folder of its own for each test. */
#ifndef FOLDER_H
#define FOLDER_H

enum { FOLDER_PATH_SIZE = 512 };

int folder_make(void **state);   /* setup: its path becomes *state */
int folder_remove(void **state); /* teardown */

/* Removes the files of a folder, and the folder. */
void folder_empty(const char *folder);

/* How many files have names that end so; the path of one of them is in path. */
int folder_find(const char *folder, const char *ending, char path[FOLDER_PATH_SIZE]);

/* The single file whose name ends so, in a static buffer. */
const char *folder_file(const char *folder, const char *ending);

#endif
