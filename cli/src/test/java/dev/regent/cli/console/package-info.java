@NullMarked
package dev.regent.cli.console;

import org.jspecify.annotations.NullMarked;
