/** What the lab needs of the machine: folders, ports, processes, time to wait. */
@NullMarked
package dev.regent.lab.machine;

import org.jspecify.annotations.NullMarked;
