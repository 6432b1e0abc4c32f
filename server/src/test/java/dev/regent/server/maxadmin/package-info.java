@NullMarked
package dev.regent.server.maxadmin;

import org.jspecify.annotations.NullMarked;
