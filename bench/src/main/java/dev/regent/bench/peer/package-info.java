/** The proxy beside HAProxy and beside no proxy at all, under the same load. */
@NullMarked
package dev.regent.bench.peer;

import org.jspecify.annotations.NullMarked;
