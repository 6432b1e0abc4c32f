@NullMarked
package dev.regent.server.monitor;

import org.jspecify.annotations.NullMarked;
