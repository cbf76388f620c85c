/* page_dump - a page to read, one line an item: for golden files. */
#pragma once

#include "core/base/page.h"

/* In the arena. */
str page_dump(const struct page *page, struct arena *arena);
