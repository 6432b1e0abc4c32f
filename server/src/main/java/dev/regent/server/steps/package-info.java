/** What steps do on a server, and what all of them share: roles, reigns, read-only, semi-sync. */
@NullMarked
package dev.regent.server.steps;

import org.jspecify.annotations.NullMarked;
