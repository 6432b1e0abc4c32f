@NullMarked
package dev.regent.server.execute;

import org.jspecify.annotations.NullMarked;
