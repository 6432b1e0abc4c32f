/** What a scenario is, and the hands with which it breaks a running cluster. */
@NullMarked
package dev.regent.lab.scenario;

import org.jspecify.annotations.NullMarked;
