package io.fairlead.cni.protocol;

import java.util.Set;

/**
 * What the verbs do, once the protocol has been dealt with. Implementations may be called by
 * several threads at once.
 */
public interface CniVerbs {

  /**
   * Attaches; leaves nothing behind if it fails.
   *
   * @return what was attached here, without what {@link NetworkConfig#previousResult} holds
   */
  CniResult add(CniCall call) throws CniException;

  /** Detaches; succeeds if there is nothing to detach. */
  void delete(CniCall call) throws CniException;

  /**
   * Compares the kernel with the result of ADD; {@code previous} may hold later plugins' work too.
   */
  void check(CniCall call, CniResult previous) throws CniException;

  /**
   * Succeeds if an ADD could.
   *
   * @throws CniException NOT_AVAILABLE or LIMITED_CONNECTIVITY with the reason
   */
  void status(NetworkConfig config) throws CniException;

  /**
   * Detaches everything of {@code network} that is not in {@code valid}; goes on after a failure.
   */
  void collectGarbage(String network, Set<AttachmentKey> valid) throws CniException;
}
