/** The documents held against the tree. */
@NullMarked
package org.anylease.chaos.docs;

import org.jspecify.annotations.NullMarked;
