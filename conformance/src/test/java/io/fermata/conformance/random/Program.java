package io.fermata.conformance.random;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A random program, and what its caller does.
 *
 * @param seed makes it again
 * @param flavour the kind of generator
 * @param form what the body is in the source
 * @param isStatic whether the body stands in a static method
 * @param body the statements of the lambda
 * @param helpers methods beside it that take {@code co}
 * @param drive the caller
 */
record Program(
    long seed,
    Flavour flavour,
    Form form,
    boolean isStatic,
    Node body,
    List<Method> helpers,
    Drive drive) {
  private static final Pattern SUSPENSION = Pattern.compile("\\bco\\b");

  /** What a body can be in the source. */
  enum Form {
    LAMBDA,
    ANONYMOUS,
    REFERENCE
  }

  /** A method. */
  record Method(String head, Node body, Node result) {}

  /** Whether it can do without {@code co}. */
  boolean suspends() {
    return SUSPENSION.matcher(body.render()).find();
  }

  int size() {
    int size = body.size() + drive.steps().size() + form.ordinal();
    for (Method helper : helpers) {
      size += helper.body.size() + helper.result.size() + 5;
    }
    return size;
  }

  /** Programs that are a little smaller; javac may refuse some. */
  List<Program> smaller() {
    List<Program> found = new ArrayList<>();
    for (int i = 0; i < helpers.size(); i++) {
      List<Method> rest = new ArrayList<>(helpers);
      rest.remove(i);
      found.add(new Program(seed, flavour, form, isStatic, body, List.copyOf(rest), drive));
    }
    if (form != Form.LAMBDA) {
      found.add(new Program(seed, flavour, Form.LAMBDA, isStatic, body, helpers, drive));
    }
    for (Drive less : drive.smaller()) {
      found.add(new Program(seed, flavour, form, isStatic, body, helpers, less));
    }
    body.smaller(
        less -> found.add(new Program(seed, flavour, form, isStatic, less, helpers, drive)));
    for (int i = 0; i < helpers.size(); i++) {
      int at = i;
      Method helper = helpers.get(i);
      helper.body.smaller(
          less -> found.add(with(at, new Method(helper.head, less, helper.result))));
      helper.result.smaller(
          less -> found.add(with(at, new Method(helper.head, helper.body, less))));
    }
    return found;
  }

  private Program with(int at, Method helper) {
    List<Method> changed = new ArrayList<>(helpers);
    changed.set(at, helper);
    return new Program(seed, flavour, form, isStatic, body, List.copyOf(changed), drive);
  }
}
