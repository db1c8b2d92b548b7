package io.fairlead.agent;

/** A subsystem that has something to do once the agent is ready. */
public interface ReadyFollower {

  /**
   * All subsystems have brought the kernel to what the cluster wants, for the first time. Called
   * once, on the reconciling thread.
   */
  void ready();
}
