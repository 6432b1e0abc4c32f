@NullMarked
package dev.regent.cli.top;

import org.jspecify.annotations.NullMarked;
