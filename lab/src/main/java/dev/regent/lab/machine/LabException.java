package dev.regent.lab.machine;

import java.io.Serial;

/**
 * The lab could not do what it was asked. The message says what, where, why, and what to do; a
 * command prints it as it is. Whatever the failed call had started is already gone.
 */
public final class LabException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public LabException(String message) {
    super(message);
  }

  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
