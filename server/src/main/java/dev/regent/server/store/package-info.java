/** What outlives the manager: the control store, the audit trail and their JSON. */
@NullMarked
package dev.regent.server.store;

import org.jspecify.annotations.NullMarked;
