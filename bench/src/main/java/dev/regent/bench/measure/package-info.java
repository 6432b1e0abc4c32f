/** What every benchmark needs: samples, claims, a report, and a look at how busy the machine is. */
@NullMarked
package dev.regent.bench.measure;

import org.jspecify.annotations.NullMarked;
