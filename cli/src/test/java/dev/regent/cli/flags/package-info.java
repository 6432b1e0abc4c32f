@NullMarked
package dev.regent.cli.flags;

import org.jspecify.annotations.NullMarked;
