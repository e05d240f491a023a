# SPDX-License-Identifier: MIT
"""A copy of the tree, without its builds and without .git, so that no command looks at the original."""
import os
import shutil


def copy_tree(tree, folder):
    left_out = {name for name in os.listdir(tree) if name.startswith("build") or name == ".git"}
    shutil.copytree(tree, folder, ignore=lambda path, names: left_out if path == tree else {"__pycache__"}, symlinks=True)
