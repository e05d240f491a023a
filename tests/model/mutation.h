/* SPDX-License-Identifier: MIT */
/*
 * Which guard of a model is taken away. A model defines MUTATE_NAME as `broken == N`; the verifier
 * is built once, and run_model.sh runs it with each N in the environment's MUTATION.
 */
byte broken; /* 0: none */

inline choose_mutation()
{
    c_code { const char *number = getenv("MUTATION"); now.broken = number ? atoi(number) : 0; }
}
