/** Saves what only one server has, before anybody decides what becomes of that server. */
@NullMarked
package dev.regent.server.salvage;

import org.jspecify.annotations.NullMarked;
