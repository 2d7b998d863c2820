#!/usr/bin/env python3
"""What tools/mutate changes, and what it leaves alone."""

import sys
import textwrap
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tools/mutation")

# pylint: disable=wrong-import-position
import operators


def mutants(text):
    """The lines that take the place of others, without the space around them."""
    return [mutant.after.strip() for mutant in
            operators.mutants("a.cc", textwrap.dedent(text))]


def in_function(*lines, result="void"):
    """The mutants of these lines in a function."""
    return mutants("\n".join([result + " F(int x) {", *lines, "}"]))


class Changed(unittest.TestCase):

    def expect(self, line, *expected, result="void"):
        self.assertCountEqual(in_function(line, result=result), expected)

    def test_bounds_and_their_negation(self):
        self.expect("bool b = x < y;", "bool b = x <= y;", "bool b = x >= y;")
        self.expect("bool b = x >= y;", "bool b = x > y;", "bool b = x < y;")
        self.expect("bool b = x == y;", "bool b = x != y;")

    def test_a_condition(self):
        self.expect("if (Ready()) {}", "if (true) {}", "if (false) {}")
        # The negation of all of it says no more than these.
        self.expect("if (!ready) {}", "if (true) {}", "if (false) {}")
        self.expect("if (x < y) {}", "if (true) {}", "if (false) {}",
                    "if (x <= y) {}")
        self.expect("if (a && b) {}", "if (true) {}", "if (false) {}",
                    "if (a || b) {}")

    def test_a_condition_after_a_declaration(self):
        self.expect("if (auto s = G(); s.ok()) {}",
                    "if (auto s = G(); true) {}", "if (auto s = G(); false) {}")
        self.expect("if (auto* p = G()) {}")

    def test_a_condition_of_several_lines(self):
        self.assertCountEqual(
            in_function("if (a &&", "    b) {", "}"),
            ["if (true || a &&", "if (false && a &&", "if (a ||"])

    def test_a_loop(self):
        self.expect("while (Ready()) {}", "while (false) {}", "while (!(Ready())) {}")
        self.expect("while (true) {}", "while (false) {}")
        self.expect("for (int i = 0; i < n; ++i) {}",
                    "for (int i = 1; i < n; ++i) {}",
                    "for (int i = 0; i <= n; ++i) {}",
                    "for (int i = 0; i >= n; ++i) {}",
                    "for (int i = 0; i < n; --i) {}")

    def test_arithmetic(self):
        self.expect("int a = x + y;", "int a = x - y;")
        self.expect("int a = x * y;", "int a = x / y;")
        self.expect("int a = x & ~y;", "int a = x | ~y;", "int a = x & y;")
        self.expect("int a = x << y;", "int a = x >> y;")

    def test_assignments_and_calls_are_left_out(self):
        self.expect("a += b;", "if (false) a += b;", "a -= b;")
        self.expect("a = b;", "if (false) a = b;")
        self.expect("++a;", "if (false) ++a;", "--a;")
        self.expect("::close(fd);", "if (false) ::close(fd);")
        self.expect("a.b->c(d);", "if (false) a.b->c(d);")
        self.expect("*a = b;", "if (false) *a = b;")
        self.expect("a[b] = c;", "if (false) a[b] = c;")

    def test_a_statement_of_several_lines_is_left_out_by_its_first(self):
        self.assertCountEqual(in_function("Call(a,", "     b);"),
                              ["if (false) Call(a,"])

    def test_a_comment_hides_no_statement(self):
        self.assertEqual(in_function("// a", "b = c;  // d", "/* e */ f = g;"),
                         ["if (false) b = c;  // d", "/* e */ if (false) f = g;"])

    def test_a_string_is_a_value(self):
        self.expect('a = "b";', 'if (false) a = "b";')

    def test_constants(self):
        self.expect("int a = 0;", "int a = 1;")
        self.expect("int a = 1;", "int a = 0;")
        self.expect("int a = 7u;", "int a = 8u;")
        self.expect("int a = 0xff;", "int a = 0x100;")
        self.expect("int a = 1'000;", "int a = 1001;")
        self.expect("bool a = true;", "bool a = false;")

    def test_results(self):
        self.expect("return G();", "return {};", result="int")
        self.expect("return G();", "return !(G());", result="bool")
        self.expect("return a == b;", "return a != b;", result="bool")
        self.expect("return true;", "return false;", result="bool")
        self.expect("if (x) return G();", "if (true) return G();",
                    "if (false) return G();", "if (x) return {};", result="int")
        # What it would be anyway, and what would not compile.
        self.expect("return absl::OkStatus();", result="absl::Status")
        self.expect("return G();", result="int&")
        self.expect("return;")

    def test_a_result_of_several_lines(self):
        self.assertCountEqual(in_function("return G(a,", "b);", result="int"),
                              ["return {}; return G(a,"])

    def test_jumps(self):
        self.expect("if (x) break;", "if (true) break;", "if (false) break;",
                    "if (x) ;")
        self.expect("continue;", ";")

    def test_choices_and_extremes(self):
        self.expect("int a = x ? y : z;", "int a = x && false ? y : z;",
                    "int a = x || true ? y : z;")
        self.expect("int a = std::min(x, y);", "int a = std::max(x, y);")

    def test_values_of_declarations(self):
        self.assertCountEqual(mutants("""
            constexpr int kMost = 64;
            enum class E : uint8_t { kA, kB = 4 };
            constexpr Table kTable = {
                /*first=*/A | B,
                /*second=*/true,
            };
            class C {
              bool a_ = false;
              std::atomic<int> b_{0};
            };
            """), [
                "constexpr int kMost = 65;",
                "enum class E : uint8_t { kA, kB = 5 };", "/*first=*/A & B,", "/*second=*/false,",
                "bool a_ = true;", "std::atomic<int> b_{1};"
            ])

    def test_a_lambda(self):
        # What it returns is not known.
        self.expect("Call([] { a = b; return c; });",
                    "if (false) Call([] { a = b; return c; });",
                    "Call([] { if (false) a = b; return c; });", result="bool")

    def test_functions_of_classes_and_templates(self):
        self.assertCountEqual(mutants("""
            template <typename T, int n = 3>
            class C : public B<T> {
             public:
              explicit C(int x) : a_(x), b_{x} { Call(); }
              bool a() const override { return G([&](int y) { Call(y); }); }
              static constexpr int kA = 5;
            };
            """), [
                "explicit C(int x) : a_(x), b_{x} { if (false) Call(); }",
                "bool a() const override { return !(G([&](int y) { Call(y); })); }",
                "bool a() const override "
                "{ return G([&](int y) { if (false) Call(y); }); }",
                "static constexpr int kA = 6;"
            ])


class LeftAlone(unittest.TestCase):

    def expect_none(self, text):
        self.assertEqual(mutants(text), [])

    def test_what_is_no_code(self):
        self.expect_none("""
            // if (a < b) c = 0;
            /* d += 1;
               e = 2; */
            #include <f.h>
            #define G(a) \\
              (a + 1)
            """)
        self.assertEqual(in_function('const char* a = "x < 0";', "char b = '0';",
                                     'auto c = R"(1 + 1)";'), [])

    def test_declarations_without_a_value(self):
        self.expect_none("""
            namespace a {
            enum class E : uint8_t;
            class C {
             public:
              C(const C&) = delete;
              C& operator=(const C&) = default;
              virtual ~C() = default;
              virtual int F(int a[2]) const = 0;
              int b_;
              int c_[4];
            };
            using D = std::array<int, 4>;
            static_assert(sizeof(D) == 16);
            int F(int a, std::vector<int>&& b);
            }
            """)

    def test_declarations_in_a_function(self):
        self.assertEqual(in_function("Lock lock(&mutex);", "int a;", "auto* b = c;",
                                     "std::vector<int> d(e);", "T&& f = g;",
                                     "static_assert(kA == 4);"), [])


class Named(unittest.TestCase):

    TEXT = "namespace n {{\n{}class C {{\n  void F() {{\n    a = b;\n  }}\n}};\n}}\n"

    def only(self, text):
        found = operators.mutants("a.cc", text)
        self.assertEqual(len(found), 1)
        return found[0]

    def test_by_function_and_line(self):
        mutant = self.only(self.TEXT.format(""))
        self.assertEqual((mutant.function, mutant.line), ("C::F", 4))

    def test_the_key_survives_a_move(self):
        self.assertEqual(self.only(self.TEXT.format("")).key(),
                         self.only(self.TEXT.format("int x;\n\n")).key())

    def test_only_its_line_changes(self):
        text = self.TEXT.format("")
        self.assertEqual(operators.apply(text, self.only(text)),
                         text.replace("a = b", "if (false) a = b"))


if __name__ == "__main__":
    unittest.main()
