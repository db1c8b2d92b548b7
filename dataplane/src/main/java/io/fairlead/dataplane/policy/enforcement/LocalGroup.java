package io.fairlead.dataplane.policy.enforcement;

/** Pods of this node: the same policies isolate them all. */
final class LocalGroup extends PodGroup {

  private Subject subject;

  LocalGroup(PodTraits traits, Subject subject) {
    super(traits);
    this.subject = subject;
  }

  Subject subject() {
    return subject;
  }

  void subject(Subject now) {
    subject = now;
  }
}
