@NullMarked
package dev.regent.cli.fake;

import org.jspecify.annotations.NullMarked;
