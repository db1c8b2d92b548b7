package io.fairlead.deploy.container;

import java.net.URI;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;

/** Tells Testcontainers, which finds it as a service, of the tests' own {@link Engine}. */
public final class EngineStrategy extends DockerClientProviderStrategy {

  private static final int BEFORE_ALL_OTHERS = Integer.MAX_VALUE;

  @Override
  public String getDescription() {
    return "the tests' own Docker engine";
  }

  @Override
  protected boolean isPersistable() {
    return false;
  }

  @Override
  protected int getPriority() {
    return BEFORE_ALL_OTHERS;
  }

  /**
   * Not asked for: no port of a container is published. Otherwise an image would be pulled to tell.
   */
  @Override
  public synchronized String getDockerHostIpAddress() {
    return "127.0.0.1";
  }

  @Override
  public TransportConfig getTransportConfig() {
    return TransportConfig.builder().dockerHost(URI.create("unix://" + Engine.socket())).build();
  }
}
