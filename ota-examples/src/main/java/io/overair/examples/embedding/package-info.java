/**
 * How a program of yours uses the library: each class is one sample, small enough to read at a glance. The marked lines
 * are what the README shows; a test sees to it that they stay the same.
 */
@NullMarked
package io.overair.examples.embedding;

import org.jspecify.annotations.NullMarked;
