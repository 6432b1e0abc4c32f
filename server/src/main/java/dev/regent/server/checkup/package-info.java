/**
 * What a server must be like, as a table: facts in, findings out. Nothing here contacts anybody.
 */
@NullMarked
package dev.regent.server.checkup;

import org.jspecify.annotations.NullMarked;
