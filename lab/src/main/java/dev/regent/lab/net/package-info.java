/**
 * A network of our own for one lab: every party in a network namespace, a router between them, and
 * verbs that disturb what it carries. Nothing of the machine's own network is touched.
 */
@NullMarked
package dev.regent.lab.net;

import org.jspecify.annotations.NullMarked;
