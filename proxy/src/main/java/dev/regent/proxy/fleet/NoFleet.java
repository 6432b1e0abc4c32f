package dev.regent.proxy.fleet;

import dev.regent.core.model.ServerId;
import java.util.List;
import java.util.Optional;

/** Of sessions that never read from replicas. */
public final class NoFleet implements Fleet {
  @Override
  public boolean reads(ServerId server) {
    return false;
  }

  @Override
  public boolean isFresh(ServerId server, long lagMaxSeconds) {
    return false;
  }

  @Override
  public Optional<ServerId> choose(List<ServerId> fresh, String zone) {
    return Optional.empty();
  }

  @Override
  public void countSession(ServerId server, int change) {}

  @Override
  public void countStatement(ServerId server, int change) {}

  @Override
  public void wrote(Positions positions) {}

  @Override
  public Positions newest() {
    return Positions.NONE;
  }
}
