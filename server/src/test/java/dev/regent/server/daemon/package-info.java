@NullMarked
package dev.regent.server.daemon;

import org.jspecify.annotations.NullMarked;
