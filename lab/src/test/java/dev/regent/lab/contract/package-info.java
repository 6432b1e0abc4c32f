/** Real servers tell the stories of the contract that simulated ones must tell alike. */
@NullMarked
package dev.regent.lab.contract;

import org.jspecify.annotations.NullMarked;
