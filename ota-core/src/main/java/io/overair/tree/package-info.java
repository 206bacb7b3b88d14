/** What files there are below a directory, and how two such trees differ: start with {@link io.overair.tree.FileTree}. */
@NullMarked
package io.overair.tree;

import org.jspecify.annotations.NullMarked;
